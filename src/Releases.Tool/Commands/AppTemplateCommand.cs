using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>apps template</c>: prints the CloudFormation template of what the services in <c>convox.yml</c> need on AWS.</summary>
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
        // For a rack that has no setup of its own, such as a local one, the template is for AWS without a rack, which needn't exist yet.
        var template = settings.Rack.Kind.Setup is { } setup
            ? setup.TemplateOf(settings.App, file.Manifest, settings.Rack)
            : call.Racks.WithSetup.First().Setup!.TemplateOf(settings.App, file.Manifest, null);
        foreach (var warning in file.Warnings.Except(file.WarningsOfLocalRack))
            call.Terminal.Say($"{warning.Location}: warning {warning.Code}: {warning.Sentence}");
        foreach (var warning in template.Warnings) call.Terminal.Say($"warning: {warning}");
        if (call.Json) OutputJson.Write(call.Terminal.Out, new(template.Text), OutputJson.Indented.TemplateView);
        else call.Terminal.Out.Write(template.Text);
    }
}
