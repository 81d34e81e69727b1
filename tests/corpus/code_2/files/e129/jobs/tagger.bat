@echo off
rem sort enrolled face pictures into folders
setlocal enabledelayedexpansion
set SRC=D:\enrol\new
set DST=D:\enrol\sorted

for %%f in ("%SRC%\*.jpg") do (
    faceattr.exe -i "%%f" -o race > "%TEMP%\r.txt"
    set /p R=<"%TEMP%\r.txt"
    if not exist "%DST%\!R!" mkdir "%DST%\!R!"
    move /y "%%f" "%DST%\!R!\" >nul
)
echo finished
endlocal
