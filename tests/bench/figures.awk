# The table of one part of ./vardkedja bench: medians of the rounds. Reads lines of
# round, call, direct|gateway|pgbench, in flight, per second, p50, p99, calls, failed.
# -v calls="submit read" -v rounds=3
BEGIN { FS = "\t" }
{ rate[$1, $2, $3, $4] = $5; p99[$1, $2, $3, $4] = $7; failed += $9 }

function composed(r, what, n) { return 1 / (1 / rate[r, "empty", "direct", n] + 1 / rate[r, what, "pgbench", n]) }

# The figure of one round by its name.
function figure(r, name, what, n) {
  if (name == "composed") return composed(r, what, n)
  if (name == "direct/c.") return rate[r, what, "direct", n] / composed(r, what, n)
  if (name == "gatew./c.") return rate[r, what, "gateway", n] / composed(r, what, n)
  if (name == "gatew./d.") return rate[r, what, "gateway", n] / rate[r, what, "direct", n]
  if (name == "plain") return rate[r, what, "direct", n] / rate[r, "plain insert", "pgbench", n]
  if (name ~ /^p99/) return p99[r, what, substr(name, 5), n] / 1000
  return rate[r, what, name, n]
}

function median(name, what, n,   r, i, x, sorted) {
  for (r = 0; r < rounds; r++) {
    x = figure(r, name, what, n)
    for (i = r; i > 0 && sorted[i - 1] > x; i--) sorted[i] = sorted[i - 1]
    sorted[i] = x
  }
  return (sorted[int((rounds - 1) / 2)] + sorted[int(rounds / 2)]) / 2
}

function show(what, n) {
  printf "%-8s %9d %9.0f %9.0f %9.0f %9.0f %9.2f %9.2f %9.2f %8.1f %8.1f\n", what, n, median("direct", what, n),
    median("gateway", what, n), median("pgbench", what, n), median("composed", what, n), median("direct/c.", what, n),
    median("gatew./c.", what, n), median("gatew./d.", what, n), median("p99 direct", what, n), median("p99 gateway", what, n)
}

END {
  printf "\n%-8s %9s %9s %9s %9s %9s %9s %9s %9s %8s %8s\n", "", "in flight", "direct", "gateway", "pgbench",
    "composed", "direct/c.", "gatew./c.", "gatew./d.", "p99 dir.", "p99 gat."
  split("1 8", in_flight, " ")
  count = split(calls, names, " ")
  for (i = 1; i <= 2; i++) for (j = 1; j <= count; j++) show(names[j], in_flight[i])
  for (i = 1; i <= 2; i++) {
    n = in_flight[i]
    printf "\nempty gRPC call, %d in flight: direct %.0f, gateway %.0f per second\n", n,
      median("direct", "empty", n), median("gateway", "empty", n)
    if (!((0, "plain insert", "pgbench", n) in rate)) continue
    printf "plain insert by pgbench %.0f per second; %s direct / plain insert %.2f\n",
      median("pgbench", "plain insert", n), names[1], median("plain", names[1], n)
  }
  if (failed > 0) { printf "\n%d calls FAILED\n", failed; exit 1 }
}
