import 'package:json_annotation/json_annotation.dart';

part 'detected_person.g.dart';

@JsonSerializable()
class RegistroPersona {
  final String id;
  final String fotoUrl;

  /// Etnia declarada por la propia persona en el formulario opcional; nunca se deduce de la foto.
  final String? etnia;
  final DateTime? declaradaEl;

  /// Momento de entrada según la cámara del acceso.
  final DateTime entrada;

  RegistroPersona(this.id, this.fotoUrl, this.etnia, this.declaradaEl, this.entrada);

  factory RegistroPersona.fromJson(Map<String, dynamic> j) => _$RegistroPersonaFromJson(j);
}
