# Sourced by the other scripts: where we are, how we stop, which Python, what the system lacks.
# shellcheck shell=bash

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# The machine's own certificates: in an office the way to the packages often leads through a proxy with one of its own.
export UV_SYSTEM_CERTS=true UV_PYTHON_DOWNLOADS=never PYTHONUNBUFFERED=1

say() { printf '%s\n' "$*" >&2; }

# stop ENGLISH CHINESE: one clear sentence in each language, and out.
stop() {
  printf '\n%s\n%s\n' "$1" "$2" >&2
  exit 1
}

find_python() {
  local name
  for name in ${PYTHON:-python3 python3.11 python3.12 python3.13}; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      PYTHON=$(command -v "$name")
      return
    fi
  done
  stop "Python 3.11 or newer is needed and was not found (tried: ${PYTHON:-python3, python3.11 to python3.13}). Debian: apt-get install python3" \
    "没有找到 Python 3.11 或更新的版本。Debian 上安装：apt-get install python3"
}

# The distribution's Python, where it will do: one that was built without optimisation (pyenv's) takes a sixth longer.
prefer_own_python() {
  local own=/usr/bin/python3
  [ -z "${PYTHON:-}" ] && "$own" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || return 0
  ! { "$own" -c 'import ensurepip, venv' 2>/dev/null || apt python3-venv; } || export PYTHON=$own
}

loads() { "$PYTHON" -c 'import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]' "$@" 2>/dev/null; }

has_chinese_fonts() { [ -n "$(fc-list :lang=zh 2>/dev/null)" ]; }

become_root() {
  if [ "$(id -u)" = 0 ]; then
    ROOT=()
  elif sudo -n true 2>/dev/null; then
    ROOT=(sudo -n)
  else
    return 1
  fi
}

# apt PACKAGE…: false where this machine, or this user, cannot install.
apt() {
  command -v apt-get >/dev/null && become_root || return 1
  say "Installing system packages: $*"
  "${ROOT[@]}" env DEBIAN_FRONTEND=noninteractive sh -c \
    'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"' apt "$@" >/dev/null
}

# What `scripts/setup` was last made from; another Python, lock or folder makes it again.
lock_stamp() {
  { "$PYTHON" -VV; pwd; cat requirements/install.txt "requirements/$1.txt"; } | sha256sum
}

is_installed() { [ -x .venv/bin/python ] && [ "$(cat ".venv/$1.stamp" 2>/dev/null)" = "$(lock_stamp "$1")" ]; }

free_port() { "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# make_folder PATH: there and writable, or out.
make_folder() {
  { mkdir -p "$1" && : >"$1/.writable" && rm "$1/.writable"; } 2>/dev/null ||
    stop "The folder $1 cannot be written to. Make it writable, or name another: PORTAL_VAR=/path make run" \
      "文件夹 $1 不能写入。改它的权限，或者另指定一个：PORTAL_VAR=/路径 make run"
}
