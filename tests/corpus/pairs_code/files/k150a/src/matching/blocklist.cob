      * FACE REQUEST RECORD, BATCH SEARCH OF THE MUGSHOT ARCHIVE
       01  FACE-REQUEST.
           05 FR-REQUEST-ID        PIC 9(10).
           05 FR-PROBE-IMAGE       PIC X(64).
           05 FR-AGE-FROM          PIC 99.
           05 FR-AGE-TO            PIC 99.
           05 FR-RACE-CODE         PIC X.
              88 FR-RACE-WHITE     VALUE 'W'.
              88 FR-RACE-BLACK     VALUE 'B'.
              88 FR-RACE-ASIAN     VALUE 'A'.
      *       CODE IS MATCHED AGAINST THE CLASSIFIER OUTPUT
           05 FR-MAX-HITS          PIC 999.
