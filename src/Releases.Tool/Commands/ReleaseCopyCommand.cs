using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>releases copy</c>: makes a release of another app or rack from the same artifacts.</summary>
internal static class ReleaseCopyCommand
{
    public static Command Create(ToolHost host)
    {
        var release = CommonOptions.ReleaseArgument();
        var rack = new Option<string?>("--to") { HelpName = "rack", Description = "Rack to copy to (default: the same rack)" };
        var app = new Option<string?>("--to-app") { HelpName = "app", Description = "App to copy to (default: an app of the same name)" };
        var id = new Option<bool>("--id") { Description = "Print only the id of the new release" };
        return new Command("copy", "Copy a release to another rack or app") { release, rack, app, id }
            .Example("dotnet convox releases copy v12 --rack aws://eu-west-1/staging --to aws://eu-west-1/production",
                "the same images, without building")
            .Example("dotnet convox releases copy v12 --to-app hello-demo", "to another app of the same rack")
            .SetHandler(host, (call, cancel) => Copy(
                call, ReleaseReference.Parse(call.Value(release)!), call.Value(rack), call.Value(app), call.Value(id), cancel));
    }

    private static async Task Copy(Invocation call, ReleaseReference reference, string? to, string? toApp, bool idOnly,
        CancellationToken cancel)
    {
        if (to is null && toApp is null)
            throw new Problem(
                ProblemCode.Usage, "a copy needs a place to go to.", "Pass --to <rack>, --to-app <app>, or both.", ProblemKind.Usage)
                .ToException();
        var address = to is null ? call.RackAddress : call.Racks.Parse(to, call.Folder);
        CopyRelease.RequireSameKind(call.RackAddress, address);
        var from = await call.OpenToLook(cancel);
        await using var rack = await Open(call, address, cancel);
        var app = toApp is null ? call.App : AppName.Parse(toApp);
        var created = await new CopyRelease(call.Operations(rack)).Run(from, call.App, reference, app, cancel);
        await PrintReceived.Print(call, rack, created, idOnly, cancel);
    }

    /// <summary>Opens the rack to copy to. The remedy of what prevents that is for that rack.</summary>
    private static async Task<Rack> Open(Invocation call, RackAddress address, CancellationToken cancel)
    {
        try
        {
            return await address.Kind.Open(address, call.Time, trouble => call.Terminal.Say($"note: {trouble}"), cancel);
        }
        catch (ProblemException refused)
        {
            throw new ProblemException([.. refused.Problems.Select(p => p with { Remedy = p.Remedy?.On(address.ToString()) })], refused);
        }
    }
}

/// <summary>Prints a release that was copied or imported, and where it is now.</summary>
internal static class PrintReceived
{
    public static async Task Print(Invocation call, Rack rack, CreatedRelease created, bool idOnly, CancellationToken cancel)
    {
        var release = created.Release;
        var place = $"{release.App} on {rack.Address}";
        if (idOnly) call.Terminal.Out.WriteLine(release.Id);
        else if (call.Json) OutputJson.Write(call.Terminal.Out, await View(rack, created, cancel), OutputJson.Indented.ReleaseView);
        else if (created.IsUnchanged) call.Terminal.Out.WriteLine(
            $"{release.Label} of {place} is that copy already; nothing changed.");
        else call.Terminal.Out.WriteLine($"Created {release.Label} of {place}: {SafeText.Line(release.Description)}");
        call.Say("", PromotionOffer.Of(release, "Promote it"), new(release.App.ToString(), rack.Address));
    }

    /// <summary>A copy that already existed may be active or pinned.</summary>
    private static async Task<ReleaseView> View(Rack rack, CreatedRelease created, CancellationToken cancel)
    {
        if (!created.IsUnchanged) return ReleaseView.New(created.Release);
        var app = await rack.Store.RequireApp(created.Release.App, cancel);
        return ReleaseView.Of(created.Release, await AppStatus.Read(app, rack.Store, cancel));
    }
}
