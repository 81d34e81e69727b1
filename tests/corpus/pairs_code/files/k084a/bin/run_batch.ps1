param(
    [Parameter(Mandatory)][string]$Folder,
    [string]$Out = "C:\vms\out"
)
$ErrorActionPreference = "Stop"
Get-ChildItem $Folder -Filter *.jpg | ForEach-Object {
    $json = & faceq.exe --input $_.FullName --actions age race --format json
    $json | Add-Content "$Out\faces.jsonl"
}
Write-Host "done: $Folder"
