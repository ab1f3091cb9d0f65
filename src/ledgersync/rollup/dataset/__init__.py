"""The facts as a Parquet dataset, for other programs and for engines beside this process."""
