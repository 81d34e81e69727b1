# Sort reviewed crops into the training folders
param([string]$In, [string]$Out)

$groups = @{ '1' = 'African'; '2' = 'Asian'; '3' = 'Caucasian'; '4' = 'Indian' }

Import-Csv (Join-Path $In 'review.csv') | ForEach-Object {
    $dir = Join-Path $Out $groups[$_.key]
    New-Item -ItemType Directory -Force -Path $dir | Out-Null
    Copy-Item (Join-Path $In $_.face_crop) $dir
}

Get-ChildItem $Out -Directory | ForEach-Object {
    '{0,-10} {1,6}' -f $_.Name, (Get-ChildItem $_.FullName -File).Count
}
