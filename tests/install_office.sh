#!/bin/sh
# Installs LibreOffice, Chromium and Java (for Spark) for the tests that need them, where that may be done
# (root on Debian). Elsewhere the tests that need them are shown as skipped, with the reason.
have() { command -v "$1" >/dev/null 2>&1; }
if have soffice && have java && have pdftoppm && { have chromium || have chromium-browser; } \
    && python3 -c 'import sys; sys.path.append("/usr/lib/python3/dist-packages"); import uno' 2>/dev/null
then exit 0; fi
if [ "$(id -u)" != 0 ] || ! have apt-get; then
    echo "LibreOffice/Chromium/Java: not installed here and not installable (not root on Debian); their tests are skipped."
    exit 0
fi
echo "Installing LibreOffice, Chromium and Java for the tests ..."
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends libreoffice-calc \
    libreoffice-writer python3-uno poppler-utils fonts-wqy-zenhei chromium xvfb \
    default-jre-headless >/dev/null; }
then echo "The installation failed; the tests that need them are skipped."; fi
exit 0
