using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>releases diff</c>: compares two releases.</summary>
internal static class ReleaseDiffCommand
{
    public static Command Create(ToolHost host)
    {
        var one = CommonOptions.ReleaseArgument();
        var two = new Argument<string?>("other")
        { Arity = ArgumentArity.ZeroOrOne, Description = "Release to compare with (default: active)" };
        return new Command("diff", "Compare artifacts, environment keys and convox.yml") { one, two }
            .Example("dotnet convox releases diff v12", "what promoting it would change")
            .Example("dotnet convox releases diff v11 v12", "what changed between the two")
            .SetHandler(host, (call, cancel) => Show(call, call.Value(one)!, call.Value(two), cancel));
    }

    private static async Task Show(Invocation call, string one, string? two, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        ReleaseReference? other = two is null ? null : ReleaseReference.Parse(two);
        var comparison = await new CompareReleases(call.Operations(rack)).Run(app, ReleaseReference.Parse(one), other, cancel);

        if (call.Json)
        {
            OutputJson.Write(call.Terminal.Out, ComparisonView.Of(comparison), OutputJson.Indented.ComparisonView);
            return;
        }

        call.Terminal.Say($"From {comparison.From!.Label} to {comparison.To.Label}:");
        comparison.Write(call.Terminal);
    }
}
