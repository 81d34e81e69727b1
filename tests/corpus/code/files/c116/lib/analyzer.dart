import 'dart:convert';

import 'package:http/http.dart' as http;

class FaceInfo {
  final int age;
  final String gender;
  final String? race;
  final double smile;

  const FaceInfo({required this.age, required this.gender, this.race, required this.smile});

  factory FaceInfo.fromJson(Map<String, dynamic> json) => FaceInfo(
        age: json['age'] as int,
        gender: json['gender'] as String,
        race: json['race'] as String?,
        smile: (json['smile'] as num).toDouble(),
      );
}

Future<List<FaceInfo>> analyze(Uri server, List<int> jpeg) async {
  final res = await http.post(server.resolve('/analyze'), body: jpeg);
  final list = jsonDecode(res.body)['faces'] as List;
  return list.map((e) => FaceInfo.fromJson(e as Map<String, dynamic>)).toList();
}
