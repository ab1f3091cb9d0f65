Attribute VB_Name = "LedgerSyncText"
Option Explicit

' Chinese out of ASCII: four hexadecimal digits for each character.
Public Function LS_Text(ByVal digits As String) As String
    Dim i As Long
    Dim text As String
    For i = 1 To Len(digits) Step 4
        text = text & ChrW(CLng("&H" & Mid$(digits, i, 4)))
    Next i
    LS_Text = text
End Function
