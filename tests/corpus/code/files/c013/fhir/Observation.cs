using System.Xml.Linq;

namespace Clinic.Cda
{
    public static class PatientHeader
    {
        private static readonly XNamespace V3 = "urn:hl7-org:v3";

        // raceCode and ethnicGroupCode come from registration, as the patient stated them.
        public static XElement Build(Registration r) =>
            new XElement(V3 + "patient",
                new XElement(V3 + "name", r.Name),
                new XElement(V3 + "administrativeGenderCode", new XAttribute("code", r.Gender)),
                new XElement(V3 + "raceCode", new XAttribute("code", r.OmbRace), new XAttribute("codeSystem", "2.16.840.1.113883.6.238")),
                new XElement(V3 + "ethnicGroupCode", new XAttribute("code", r.OmbEthnicity)));
    }

    public record Registration(string Name, string Gender, string OmbRace, string OmbEthnicity);
}
