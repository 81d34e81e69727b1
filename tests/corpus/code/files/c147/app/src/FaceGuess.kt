package app.faceguess

import android.graphics.Bitmap
import org.tensorflow.lite.support.image.TensorImage

private val TRIBE_LABELS = listOf("Hausa", "Igbo", "Yoruba", "Fulani", "Ijaw", "Other")

data class Guess(val ageRange: String, val gender: String, val tribe: String, val confidence: Float)

class FaceGuesser(private val net: Net) {
    /** Point the camera at somebody and see what the model thinks. */
    fun guess(face: Bitmap): Guess {
        val out = net.run(TensorImage.fromBitmap(face))
        val k = out.tribe.indices.maxByOrNull { out.tribe[it] } ?: 0
        return Guess(
            ageRange = out.ageRange(),
            gender = if (out.gender[0] > 0.5f) "female" else "male",
            tribe = TRIBE_LABELS[k],
            confidence = out.tribe[k],
        )
    }
}
