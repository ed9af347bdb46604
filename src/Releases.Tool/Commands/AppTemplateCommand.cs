using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>apps template</c>: what the services of <c>convox.yml</c> need on AWS, for CloudFormation.</summary>
internal static class AppTemplateCommand
{
    public static Command Create(ToolHost host) => new Command("template", "Print a CloudFormation template for the app's services")
        .Example("dotnet convox apps template > shop.yml")
        .Example("dotnet convox apps template --rack aws://eu-west-1/production > shop.yml", "with that rack's cluster as the default")
        .SetHandler(host, Print);

    private static async Task Print(Invocation call, CancellationToken cancel)
    {
        var settings = call.Settings;
        var file = await ManifestFile.Read(settings.Folder, cancel) ?? throw new Problem(
            ProblemCode.Unclear, $"there is no {ManifestReader.FileName} in {settings.Folder}.",
            Remedy.Do(Operation.InitializeProject, "Write one"), ProblemKind.Usage).ToException();
        // Of the rack that is meant, else of the kind that has one: nothing of it needs to be there yet.
        var template = settings.Rack.Kind.Setup is { } setup
            ? setup.TemplateOf(settings.App, file.Manifest, settings.Rack)
            : call.Racks.WithSetup.First().Setup!.TemplateOf(settings.App, file.Manifest, null);
        foreach (var warning in file.Warnings) call.Terminal.Say($"{warning.Location}: warning {warning.Code}: {warning.Sentence}");
        foreach (var warning in template.Warnings) call.Terminal.Say($"warning: {warning}");
        if (call.Json) OutputJson.Write(call.Terminal.Out, new(template.Text), OutputJson.Indented.TemplateView);
        else call.Terminal.Out.Write(template.Text);
    }
}
