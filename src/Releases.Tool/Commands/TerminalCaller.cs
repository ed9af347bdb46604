namespace Releases.Tool;

/// <summary>Represents the caller of a one-off process at the tool's terminal or standard streams.</summary>
internal sealed class TerminalCaller(Invocation call) : IOneOffCaller
{
    public bool HasTerminal => true;

    public void Print(string line, bool isError = false) =>
        call.Terminal.Out.WriteLine(call.Terminal.OutIsTerminal ? SafeText.WithColors(line) : line);

    public void Say(string line) => call.Terminal.Say(line);

    public async Task<int> LeaveTo(Func<Task<int>> process)
    {
        var code = ExitCode.Success;
        await call.LeaveTo(async () => code = await process());
        return code;
    }
}
