Feature: Photo upload
  The service says only whether a face is visible.

  Background:
    Given a signed-in member

  Scenario: one face
    When she uploads "portrait.jpg"
    Then the reply has "faces" equal to 1
    Then the reply has no "race" and no "ethnicity"

  Scenario: no face
    When she uploads "tree.jpg"
    Then the reply has "faces" equal to 0
