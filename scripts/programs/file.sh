# program_file ENTRY: `file` becomes what is to be started for one of our programs, given by its source as
# src/cli/main.ts: bundled where nothing was edited since that was made, otherwise the source.
program_file() {
  local root="${BASH_SOURCE[0]%/scripts/programs/*}"
  local stamp="$root/dist/programs/.built-from"
  file="$root/dist/programs/${1%.ts}.js"
  [ -e "$stamp" ] && [ -e "$file" ] &&
    [ -z "$(find "$root/src" "$root/drivers" "$root/scripts/programs" "$root/package.json" "$root/package-lock.json" -newer "$stamp" -print -quit)" ] ||
    file="$root/$1"
}
