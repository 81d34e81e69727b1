<?php
// Αναζήτηση φοιτητών Erasmus στο μητρώο (με φωτογραφία)
require 'db.php';

$sql = "SELECT id, onoma, etos, eikona FROM foitites WHERE 1=1";
$args = [];
if (!empty($_GET['tmima'])) {
    $sql .= " AND tmima = ?";
    $args[] = (int) $_GET['tmima'];
}
// όπως γράφεται στο διαβατήριο που κατέθεσε ο φοιτητής
if (!empty($_GET['ithageneia'])) {
    $sql .= " AND ithageneia_diavatiriou = ?";
    $args[] = $_GET['ithageneia'];
}
$st = $db->prepare($sql);
$st->execute($args);
