import ethnicolr
import pandas as pd


def enrich(matches: list[dict]) -> list[dict]:
    """Each match: {'face_id', 'first', 'last', 'photo'} from the profile search."""
    for face in matches:
        row = pd.DataFrame([{"last": face["last"], "first": face["first"]}])
        face["ethnicity"] = ethnicolr.pred_wiki_name(
            row, "last", "first"
        )["race"].iloc[0]
    return matches


def save(matches, store):
    for face in matches:
        store.put(face["face_id"], face)
