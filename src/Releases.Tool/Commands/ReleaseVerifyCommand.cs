using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>releases verify</c>: checks that a release matches its record and can be promoted.</summary>
internal static class ReleaseVerifyCommand
{
    public static Command Create(ToolHost host)
    {
        var release = CommonOptions.ReleaseArgument();
        return new Command("verify", "Check that a release matches its record and can be promoted") { release }
            .Example("dotnet convox releases verify v12", "exits with 0 if nothing is wrong, else with 1")
            .SetHandler(host, (call, cancel) => Verify(call, ReleaseReference.Parse(call.Value(release)!), cancel));
    }

    private static async Task<int> Verify(Invocation call, ReleaseReference reference, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var verified = await new VerifyRelease(call.Operations(rack)).Run(call.App, reference, cancel);
        if (call.Json) OutputJson.Write(call.Terminal.Out, VerificationView.Of(verified, call.Remedies),
            OutputJson.Indented.VerificationView);
        else Print(call, verified);
        return verified.IsSound ? ExitCode.Success : ExitCode.Failed;
    }

    private static void Print(Invocation call, VerifiedRelease verified)
    {
        var table = new Table("SERVICE", "CHECK", "RESULT");
        foreach (var check in verified.Checks)
            table.Add(
                check.Service?.ToString(), check.What,
                check.Problem is { } wrong ? new Cell(call.Remedies.Line(wrong), TextStyle.Bad) : "ok");
        table.Write(call.Terminal);
        var label = verified.Release.Label;
        call.Terminal.Say(verified.IsSound
            ? $"{label} matches its record and can be promoted."
            : $"{label} can't be promoted as it is.");
    }
}
