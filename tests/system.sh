#!/bin/sh
# Makes sure of the programs that tests drive: a browser, Khmer fonts, LibreOffice, Pango. Argument: the folder of the environment's programs.
set -eu
bin=$1
need=""
command -v chromium >/dev/null 2>&1 || need="$need chromium"
command -v soffice >/dev/null 2>&1 || need="$need libreoffice-calc"
[ -e /usr/lib/libreoffice/program/libswlo.so ] || need="$need libreoffice-writer"
for package in libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; do
  name=${package%0} # libpango-1.0-0 holds libpango-1.0.so
  name=${name%-}
  ldconfig -p 2>/dev/null | grep -q "$name\.so" || need="$need $package"
done
[ -d /usr/share/fonts/truetype/khmeros ] || need="$need fonts-khmeros"
[ -n "$need" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get -qq update
  # shellcheck disable=SC2086  (one word per package)
  DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends $need
  exit 0
fi
case "$need" in *chromium*) "$bin/playwright" install chromium ;; esac
echo "Some tests need more programs; install them with your system's own tool:$need" >&2
