# Test verisi icin yaygin soyadlari
SOYADLAR = [
    "Yılmaz", "Kaya", "Demir", "Uygur", "Türk", "Şahin", "Kurt",
    "Tatar", "Çelik", "Aydın", "Laz", "Arslan",
]

ADLAR = ["Ayşe", "Mehmet", "Elif", "Mustafa", "Zeynep"]


def uret(n, rng):
    """Rastgele ad soyad uretir."""
    for _ in range(n):
        yield f"{rng.choice(ADLAR)} {rng.choice(SOYADLAR)}"
