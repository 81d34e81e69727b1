# usage: awk -f dedup_heats.awk finish.tsv
# columns: bib, camera, time, age group, race (heat code), goggles
BEGIN { FS = OFS = "\t" }
NR == 1 { next }
seen[$1]++ { next }
{
    file = "finish_" $5 ".tsv"
    print $1, $2, $3, $4 >> file
    n[$5]++
}
END { for (k in n) print k, n[k] }
