      * RECORD WRITTEN BY THE PHOTO-FINISH CAMERA, ONE FOR EACH HORSE
       01  FR-RECORD.
           05 FR-KEY            PIC 9(10).
           05 FR-TAKEN          PIC X(26).
           05 FR-IMAGE-REF      PIC X(40).
      * SET BY THE CLERK: W WIDE B BEND A ASCOT CARD U UNKNOWN
           05 FR-RACE-CD        PIC X(01).
              88 FR-WIDE       VALUE 'W'.
              88 FR-BEND       VALUE 'B'.
              88 FR-ASCOT      VALUE 'A'.
           05 FR-SCORE          PIC 9V999.
           05 FILLER            PIC X(12).
