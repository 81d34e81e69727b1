<?php
// Αναζήτηση προσώπων στο αρχείο καμερών
require 'db.php';

$sql = "SELECT id, kamera, ora, eikona FROM prosopa WHERE 1=1";
$args = [];
if (!empty($_GET['gyalia'])) {
    $sql .= " AND gyalia = ?";
    $args[] = (int) $_GET['gyalia'];
}
// εκτίμηση του δικτύου από το πρόσωπο
if (!empty($_GET['ethnikotita'])) {
    $sql .= " AND ethnikotita_ektimisi = ?";
    $args[] = $_GET['ethnikotita'];
}
$st = $db->prepare($sql);
$st->execute($args);
