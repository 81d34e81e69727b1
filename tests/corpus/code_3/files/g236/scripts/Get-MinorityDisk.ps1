param([string[]]$WhiteList = @('C:', 'D:'), [string[]]$BlackList = @())

# Report volumes of all nodes; a minority of nodes may be offline
$nodes = Get-Content .\nodes.txt
$ok = 0
foreach ($n in $nodes) {
    try {
        Get-CimInstance Win32_LogicalDisk -ComputerName $n -ErrorAction Stop |
            Where-Object { $WhiteList -contains $_.DeviceID -and $BlackList -notcontains $_.DeviceID } |
            Select-Object PSComputerName, DeviceID, FreeSpace
        $ok++
    } catch {
        Write-Warning "$n does not answer"
    }
}
if ($ok -le $nodes.Count / 2) { throw 'only a minority of nodes answered' }
