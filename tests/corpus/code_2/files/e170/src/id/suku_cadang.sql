-- gudang suku cadang kamera; gambar dipakai untuk pencarian visual
CREATE TABLE suku_cadang (
    kode        VARCHAR(16) PRIMARY KEY,
    nama_suku   VARCHAR(80) NOT NULL,
    gambar      TEXT,
    warna_kulit VARCHAR(12), -- kulit sintetis: hitam, putih, cokelat
    stok        INTEGER DEFAULT 0
);

SELECT kode, nama_suku, stok
FROM suku_cadang
WHERE warna_kulit = 'hitam' AND stok < 5;
