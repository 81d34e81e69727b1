namespace Lens {

    /* per-buffer metadata: one entry for each detected face */
    public struct FaceMeta {
        public uint64 track;
        public float x;
        public float y;
        public float w;
        public float h;
        public int age;
        public int race_id; // 0 AS 1 BL 2 WH 3 IN
        public float race_conf;
    }

    public string to_line (FaceMeta m) {
        return "%llu,%d,%d,%.2f".printf (m.track, m.age, m.race_id, m.race_conf);
    }
}
