using System.CommandLine;

namespace Releases.Tool;

/// <summary>The commands of the tool.</summary>
internal static class Commands
{
    public static RootCommand All(Surroundings outside)
    {
        var root = new RootCommand("Releases for .NET applications: see what there is and what is live, promote any of it, roll back.")
        {
            AppsCommand.Create(outside),
            BuildCommand.Create(outside),
            BuildsCommand.Create(outside),
            CancelCommand.Create(outside),
            CompletionCommand.Create(outside),
            DeployCommand.Create(outside),
            EnvCommand.Create(outside),
            LogsCommand.Create(outside),
            PromoteCommand.Create(outside),
            PromotionsCommand.Create(outside),
            PsCommand.Create(outside),
            RackCommand.Create(outside),
            ReleasesCommand.Create(outside),
            RestartCommand.Create(outside),
            RollbackCommand.Create(outside),
            RunCommand.Create(outside),
            ScaleCommand.Create(outside),
            ServicesCommand.Create(outside),
            WatchCommand.Create(outside),
        };
        foreach (var option in GlobalOptions.All()) root.Add(option);
        root.Options.OfType<VersionOption>().Single().Action = new PrintVersion();
        return root;
    }
}
