# usage: awk -f dedup_faces.awk attrs.tsv
# columns: face, camera, time, age, race (from attr net), glasses
BEGIN { FS = OFS = "\t" }
NR == 1 { next }
seen[$1]++ { next }
{
    file = "faces_" $5 ".tsv"
    print $1, $2, $3, $4 >> file
    n[$5]++
}
END { for (k in n) print k, n[k] }
