using Newtonsoft.Json;

namespace FaceApi.Client.Models
{
    public class FaceAttributes
    {
        [JsonProperty("age")]
        public double Age { get; set; }

        [JsonProperty("smile")]
        public double Smile { get; set; }

        [JsonProperty("glasses")]
        public string Glasses { get; set; }

        /// <summary>Ethnicity estimated from the face rectangle.</summary>
        [JsonProperty("ethnicity")]
        public Ethnicity? Ethnicity { get; set; }
    }

    public enum Ethnicity { Asian, White, Black, India }
}
