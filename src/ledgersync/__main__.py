"""`python -m ledgersync`, for schedulers that know an interpreter but no script."""

from ledgersync.cli import main

if __name__ == "__main__":
    main()
