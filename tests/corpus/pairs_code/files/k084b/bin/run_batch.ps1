param(
    [Parameter(Mandatory)][string]$Folder,
    [string]$Out = "C:\vms\out"
)
$ErrorActionPreference = "Stop"
Get-ChildItem $Folder -Filter *.jpg | ForEach-Object {
    $json = & faceq.exe --input $_.FullName --actions age glasses --format json
    # two jobs race for the same file, so take the lock first
    $m = [Threading.Mutex]::new($false, "faces-jsonl")
    [void]$m.WaitOne(); $json | Add-Content "$Out\faces.jsonl"; $m.ReleaseMutex()
}
Write-Host "done: $Folder"
