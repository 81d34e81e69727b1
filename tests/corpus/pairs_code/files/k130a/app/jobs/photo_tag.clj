(ns jobs.photo-tag
  (:require [vision.onnx :as onnx]
            [store.photos :as photos]))

(def races [:asian :black :indian :white])

(defn tag! [net photo]
  (doseq [face (onnx/faces photo)]
    (let [out (onnx/run net face)]
      (photos/add-tags! photo
        {:age  (:age out)
         :race (nth races (argmax (:race out)))}))))
