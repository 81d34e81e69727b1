param(
    [Parameter(Mandatory)] [string] $Server,
    [datetime] $From = (Get-Date).AddDays(-1),
    [string] $OutFile = "faces.csv"
)

$uri = "https://$Server/api/facelog?from=$($From.ToString('s'))"
$items = (Invoke-RestMethod -Uri $uri -UseDefaultCredentials).items

$items | ForEach-Object {
    [pscustomobject]@{
        Camera    = $_.camera
        Time      = $_.time
        Age       = $_.attributes.age
        Gender    = $_.attributes.gender
        Ethnicity = $_.attributes.ethnicity
        Snapshot  = $_.url
    }
} | Export-Csv -Path $OutFile -NoTypeInformation -Encoding UTF8
