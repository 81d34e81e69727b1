<?php
// प्रवेश फॉर्म: आरक्षण श्रेणी आवेदक स्वयं भरता है
$fields = [
    'student_name' => ['label' => 'विद्यार्थी का नाम', 'required' => true],
    'dob'          => ['label' => 'जन्म तिथि', 'required' => true],
    'caste_category' => [
        'label'   => 'जाति श्रेणी (स्व-घोषित)',
        'options' => ['General', 'OBC', 'SC', 'ST'],
        'required' => false,
    ],
    'religion'     => ['label' => 'धर्म', 'required' => false],
    'certificate'  => ['label' => 'प्रमाण पत्र', 'type' => 'file'],
];
foreach ($fields as $name => $f) {
    echo render_field($name, $f);
}
