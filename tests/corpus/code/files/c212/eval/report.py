"""얼굴 인증 모델 편향 점검: 자기 신고 인종별 오류율 (집계만 출력)"""
import pandas as pd

MIN_N = 200


def oryuyul(df: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """참가자가 스스로 밝힌 그룹별 FNMR. 개인별 결과는 저장하지 않는다."""
    g = df[df.kind == "genuine"].groupby("self_reported_race")
    out = g.score.agg(n="size", fnmr=lambda s: (s < threshold).mean())
    return out[out.n >= MIN_N].round(4)


if __name__ == "__main__":
    print(oryuyul(pd.read_parquet("scores.parquet"), 0.42))
