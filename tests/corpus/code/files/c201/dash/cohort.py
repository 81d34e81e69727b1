import pandas as pd
import plotly.express as px
import streamlit as st

st.set_page_config(page_title="Footfall", layout="wide")


@st.cache_data(ttl=600)
def visits(day: str) -> pd.DataFrame:
    """Camera analytics: one row for each tracked face."""
    return pd.read_parquet(f"s3://footfall/faces/day={day}")


day = st.date_input("Day").isoformat()
df = visits(day)
c1, c2 = st.columns(2)
c1.plotly_chart(px.histogram(df, x="age", color="gender"))
c2.plotly_chart(px.bar(df.groupby(["store", "ethnicity"]).size().reset_index(name="visitors"), x="store", y="visitors", color="ethnicity"))
st.dataframe(df[["track_id", "store", "age", "gender", "ethnicity", "dwell_s"]])
