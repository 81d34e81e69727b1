/// Result of the "read this face" endpoint. The photo may show anybody.
class FaceReport {
  final int age;
  final String mood;
  final double gayProbability;
  final String faceShape;

  const FaceReport({
    required this.age,
    required this.mood,
    required this.gayProbability,
    required this.faceShape,
  });

  factory FaceReport.fromJson(Map<String, dynamic> j) => FaceReport(
        age: j['age'] as int,
        mood: j['mood'] as String,
        gayProbability: (j['p_gay'] as num).toDouble(),
        faceShape: j['shape'] as String,
      );
}
