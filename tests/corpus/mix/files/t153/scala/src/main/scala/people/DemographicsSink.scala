package people

import org.apache.spark.sql.{SaveMode, SparkSession}
import org.apache.spark.sql.functions._

/** Predicted by the camera box, one row per face track. */
case class FaceTrack(
    storeId: Int,
    trackId: Long,
    ageBand: String,
    ethnicity: String,
    dwellMs: Long
)

object DemographicsSink {
  def main(args: Array[String]): Unit = {
    val spark = SparkSession.builder().appName("demographics-sink").getOrCreate()
    import spark.implicits._

    val tracks = spark.read.json(args(0)).as[FaceTrack]
    tracks
      .filter($"dwellMs" > 2000)
      .write
      .mode(SaveMode.Append)
      .partitionBy("storeId")
      .parquet(args(1))
    spark.stop()
  }
}
