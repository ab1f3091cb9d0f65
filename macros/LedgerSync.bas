Attribute VB_Name = "LedgerSync"
Option Explicit

' The buttons of the ribbon and of Alt+F8. All work is done in Python; what is here starts it and
' says in plain words what to do when it cannot be started. Chinese texts become LS_Text("...")
' when the workbooks are built, since VBA projects know one code page only.

Private Const PRESS As String = "from ledgersync.plugin.excel.press import press; press('{button}')"

Public Sub LS_CheckSheet()
    LS_Press "check"
End Sub

Public Sub LS_Submit()
    LS_Press "submit"
End Sub

Public Sub LS_Update()
    LS_Press "update"
End Sub

Public Sub LS_ShowConflicts()
    LS_Press "conflicts"
End Sub

Public Sub LS_About()
    LS_Press "about"
End Sub

' The ribbon's only callback; the button's tag says which one it is.
Public Sub LS_OnButton(ByVal control As Object)
    LS_Press control.Tag
End Sub

Public Sub LS_Press(ByVal button As String)
    On Error GoTo failed
    Application.StatusBar = "台账同步：正在处理……"
    RunPython Replace(PRESS, "{button}", button)
    Application.StatusBar = False
    Exit Sub
failed:
    Application.StatusBar = False
    MsgBox LS_Explain(Err.Number, Err.Description), vbExclamation, "台账同步"
End Sub

' What an error of VBA or xlwings means to the person in front of it, and what to do now.
Public Function LS_Explain(ByVal number As Long, ByVal description As String) As String
    Dim text As String
    text = LCase$(description)
    If number = 53 Or number = 48 Or InStr(text, ".dll") > 0 Then
        LS_Explain = "没有找到台账同步的程序文件（xlwings 组件）。" & vbLf & _
            "请在命令行运行 ledgersync addin install --app excel 重新安装插件，然后重开 Excel。"
    ElseIf number = 424 Or InStr(text, "object required") > 0 Then
        LS_Explain = "插件与这台电脑上的 xlwings 版本不一致。" & vbLf & _
            "请运行 ledgersync addin install --app excel 更新插件，然后重开 Excel。"
    ElseIf InStr(text, "python process exited") > 0 Or InStr(text, "could not create") > 0 Then
        LS_Explain = "Python 没有启动。" & vbLf & _
            "请运行 ledgersync doctor 查看原因；常见的是杀毒软件拦截，或 Python 已被移动。"
    ElseIf number = 1004 Then
        LS_Explain = "Excel 现在不能执行这个操作。" & vbLf & _
            "请先按回车结束正在编辑的单元格，关闭弹出的对话框，再试一次。"
    Else
        LS_Explain = "没有做成：" & description & vbLf & _
            "请运行 ledgersync doctor，或把这条信息告诉台账管理员。"
    End If
End Function
