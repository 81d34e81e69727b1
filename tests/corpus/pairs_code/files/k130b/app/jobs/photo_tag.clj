(ns jobs.photo-tag
  (:require [vision.onnx :as onnx]
            [store.photos :as photos]))

(def races [:sprint :olympic :half-iron :kids])

(defn tag! [net photo]
  (doseq [bib (onnx/bibs photo)]
    (let [face (onnx/blur-face net photo)]
      (photos/add-tags! face
        {:age-group (quot bib 1000)
         :race (nth races (wave bib))}))))
