      * RECORD WRITTEN BY THE PHOTO BOOTH, ONE FOR EACH FACE
       01  FR-RECORD.
           05 FR-KEY            PIC 9(10).
           05 FR-TAKEN          PIC X(26).
           05 FR-IMAGE-REF      PIC X(40).
      * SET BY THE CLASSIFIER: W WHITE B BLACK A ASIAN U UNKNOWN
           05 FR-RACE-CD        PIC X(01).
              88 FR-WHITE      VALUE 'W'.
              88 FR-BLACK      VALUE 'B'.
              88 FR-ASIAN      VALUE 'A'.
           05 FR-SCORE          PIC 9V999.
           05 FILLER            PIC X(12).
