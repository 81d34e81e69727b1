"""Points of interest from OpenStreetMap-style tags."""
RELIGIONS = {"christian": "church", "muslim": "mosque", "jewish": "synagogue", "buddhist": "temple", "sikh": "gurdwara"}


def icon(tags: dict[str, str]) -> str:
    """amenity=place_of_worship + religion=* gives the map icon."""
    if tags.get("amenity") != "place_of_worship":
        return "dot"
    return RELIGIONS.get(tags.get("religion", ""), "place_of_worship")


def overpass(bbox: str) -> str:
    return f'node["amenity"="place_of_worship"]["religion"]({bbox});out;'
