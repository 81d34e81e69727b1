import argparse
from store import load_faces, zip_out

ap = argparse.ArgumentParser(description="Cut a delivery from the street face pool")
ap.add_argument("--race", choices=["asian", "black", "white", "latino"])
ap.add_argument("--min-age", type=int, default=0)
ap.add_argument("out")
args = ap.parse_args()

faces = load_faces("pool-2023")
pick = [f for f in faces if f.race_pred == args.race]
pick = [f for f in pick if f.age_pred >= args.min_age]
zip_out(args.out, pick)
