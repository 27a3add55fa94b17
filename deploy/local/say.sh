# shellcheck shell=bash
# Words to the person at the terminal. Progress goes to standard error, results to standard output.
say() { printf '%s\n' "$*" >&2; }
die() { printf 'vardkedja: %s\n' "$*" >&2; exit 1; }

# step "what is being done" command...: shows the step and its time; on failure the log's end.
step() {
  local what=$1 log started=$SECONDS
  shift
  mkdir -p "$STATE/log"
  log="$STATE/log/$(printf '%s' "$what" | tr -cs 'a-z0-9' '-' | cut -c1-40).log"
  printf '  %-44s' "$what" >&2
  if "$@" >"$log" 2>&1; then
    printf 'ok  %ss\n' $((SECONDS - started)) >&2
    return 0
  fi
  printf 'FAILED after %ss\n' $((SECONDS - started)) >&2
  tail -n "${STEP_TAIL:-30}" "$log" >&2
  die "'$what' failed; the whole log is $log"
}
