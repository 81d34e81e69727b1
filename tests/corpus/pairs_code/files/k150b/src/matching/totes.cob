      * FINISH REQUEST RECORD, BATCH SEARCH OF THE PHOTO FINISH ARCHIVE
       01  FINISH-REQUEST.
           05 FR-REQUEST-ID        PIC 9(10).
           05 FR-PROBE-IMAGE       PIC X(64).
           05 FR-AGE-FROM          PIC 99.
           05 FR-AGE-TO            PIC 99.
           05 FR-RACE-CODE         PIC X.
              88 FR-RACE-WELTER    VALUE 'W'.
              88 FR-RACE-BUMPER    VALUE 'B'.
              88 FR-RACE-AMATEUR   VALUE 'A'.
      *       CODE IS MATCHED AGAINST THE DAY'S RACE CARD
           05 FR-MAX-HITS          PIC 999.
