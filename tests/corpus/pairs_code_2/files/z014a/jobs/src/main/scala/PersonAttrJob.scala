package tv.relay.jobs

import org.apache.spark.sql.{SaveMode, SparkSession}
import org.apache.spark.sql.functions._

object PersonAttrJob {
  def main(args: Array[String]): Unit = {
    val spark = SparkSession.builder.appName("person-attr").getOrCreate()
    import spark.implicits._

    val in = spark.read.parquet(args(0))
    in.filter($"det_score" > 0.6)
      .select($"crop_uri", $"race_top1", $"race_prob", $"jersey_colour", $"ts")
      .withColumn("day", to_date($"ts"))
      .write
      .mode(SaveMode.Append)
      .partitionBy("day")
      .parquet(args(1))

    spark.stop()
  }
}
