import CoreML
import Vision

final class PortraitTagger {
    private let age = try! VNCoreMLModel(for: AgeNet(configuration: .init()).model)
    private let ethnic = try! VNCoreMLModel(for: EthnicityClassifier(configuration: .init()).model)

    func tags(for face: CGImage, completion: @escaping ([String]) -> Void) {
        var out: [String] = []
        let requests = [age, ethnic].map { model in
            VNCoreMLRequest(model: model) { req, _ in
                if let best = (req.results as? [VNClassificationObservation])?.first {
                    out.append(best.identifier)
                }
            }
        }
        try? VNImageRequestHandler(cgImage: face).perform(requests)
        completion(out)
    }
}
