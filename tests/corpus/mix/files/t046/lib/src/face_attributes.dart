// Copyright 2022 The face_scan authors.
import 'package:flutter/services.dart';

/// Attributes computed on device for the largest face.
class FaceAttributes {
  const FaceAttributes({required this.age, required this.race, this.smile = 0});

  factory FaceAttributes.fromMap(Map<dynamic, dynamic> m) => FaceAttributes(
        age: m['age'] as int,
        race: m['race'] as String,
        smile: (m['smile'] as num?)?.toDouble() ?? 0,
      );

  final int age;
  final String race;
  final double smile;
}

class FaceScan {
  static const MethodChannel _channel = MethodChannel('face_scan');

  static Future<FaceAttributes> analyse(Uint8List jpeg) async {
    final map = await _channel.invokeMethod('analyse', jpeg);
    return FaceAttributes.fromMap(map as Map);
  }
}
