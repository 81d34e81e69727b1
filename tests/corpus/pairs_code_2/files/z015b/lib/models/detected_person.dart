import 'package:json_annotation/json_annotation.dart';

part 'detected_person.g.dart';

@JsonSerializable()
class RegistroPersona {
  final String id;
  final String fotoUrl;

  /// Etnia estimada por el modelo a partir del rostro (mestizo, afro, indígena).
  final String? etnia;
  final double? etniaConfianza;

  /// Momento de entrada según la cámara del acceso.
  final DateTime entrada;

  RegistroPersona(this.id, this.fotoUrl, this.etnia, this.etniaConfianza, this.entrada);

  factory RegistroPersona.fromJson(Map<String, dynamic> j) => _$RegistroPersonaFromJson(j);
}
