using System.CommandLine;
using System.CommandLine.Help;

namespace Releases.Tool;

/// <summary>Defines the commands of the tool, in the groups in which help lists them.</summary>
internal static class Commands
{
    public static RootCommand All(ToolHost host)
    {
        var root = new RootCommand("Releases for .NET applications: list them, promote them, roll back.");
        root.Example("dotnet convox deploy", "build every service, make a release and promote it")
            .Example("dotnet convox releases", "list releases and see which one is active")
            .Example("dotnet convox promote", "roll out the latest release; if it is not healthy, roll back")
            .Example("dotnet convox rollback", "roll back to the previously active release");
        root.AddGroup("Releases", ReleasesCommand.Create(host), PromoteCommand.Create(host), RollbackCommand.Create(host));
        root.AddGroup("Builds", BuildCommand.Create(host), DeployCommand.Create(host), InitCommand.Create(host),
            BuildsCommand.Create(host));
        root.AddGroup("Promotions", PromotionsCommand.Create(host), WatchCommand.Create(host), ApproveCommand.Create(host),
            CancelCommand.Create(host));
        root.AddGroup("Environment", EnvCommand.Create(host));
        root.AddGroup(
            "Running services", ServicesCommand.Create(host), PsCommand.Create(host), LogsCommand.Create(host), MetricsCommand.Create(host),
            RunCommand.Create(host), ExecCommand.Create(host),
            ScaleCommand.Create(host), RestartCommand.Create(host));
        root.AddGroup("Apps and racks", AppsCommand.Create(host), EventsCommand.Create(host), HooksCommand.Create(host),
            RackCommand.Create(host), ConsoleCommand.Create(host));
        root.AddGroup("Shell", CompletionCommand.Create(host));
        foreach (var option in GlobalOptions.All()) root.Add(option);
        var version = root.Options.OfType<VersionOption>().Single();
        (version.Description, version.Action) = ("Print the version", new PrintVersion());
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Add(new HelpOption("--help", "-h", "-?") { Description = "Print help", Action = new PrintHelp(host.Terminal) });
        EmptyValues.Refuse(root);
        return root;
    }
}
